"""Solves a case of `benches/plan` by OR-Tools: the seconds it takes, from the costs on, and
what the plan costs. Reckoning the costs is not counted."""

import sys
import time

import numpy as np
from ortools.graph.python import min_cost_flow

numbers = np.fromfile(sys.argv[1], dtype="<i4").astype(np.int64)
incidents, workers, room, step = numbers[:4]
costs = numbers[4:].reshape(incidents, workers)
rows, columns = np.nonzero(costs >= 0)
sink = incidents + workers
begun = time.monotonic()
flow = min_cost_flow.SimpleMinCostFlow()
flow.add_arcs_with_capacity_and_unit_cost(
    rows, incidents + columns, np.ones(len(rows), dtype=np.int64), costs[rows, columns]
)
for place in range(room):
    flow.add_arcs_with_capacity_and_unit_cost(
        np.arange(incidents, sink), np.full(workers, sink), np.ones(workers, dtype=np.int64),
        np.full(workers, step * place),
    )
supplies = np.zeros(sink + 1, dtype=np.int64)
supplies[:incidents] = 1
supplies[sink] = -incidents
flow.set_nodes_supplies(np.arange(sink + 1), supplies)
status = flow.solve()
seconds = time.monotonic() - begun
assert status == flow.OPTIMAL, status
print(seconds, flow.optimal_cost())

"""What OR-Tools makes of incidents and workers, line by line.

Reads JSON lines {"costs": [[int or null…]…], "rooms": [int…], "step": int}: what each worker
costs for each incident (null when they may not go), incidents by precedence; how many each
worker takes; and what each incident more costs that goes to the same worker. Answers each with
{"left": [int…], "cost": int}: which incidents are left out, and what the others cost.
"""

import json
import sys

import numpy as np
from ortools.graph.python import min_cost_flow

for line in sys.stdin:
    case = json.loads(line)
    costs = np.array(
        [[-1 if cost is None else cost for cost in row] for row in case["costs"]], dtype=np.int64
    )
    incidents, workers = costs.shape
    step = case["step"]
    sink = incidents + workers
    flow = min_cost_flow.SimpleMinCostFlow()

    def add(tails, heads, prices):
        return flow.add_arcs_with_capacity_and_unit_cost(
            np.asarray(tails), np.asarray(heads), np.ones(len(tails), dtype=np.int64),
            np.asarray(prices, dtype=np.int64),
        )

    rows, columns = np.nonzero(costs >= 0)
    ways = add(rows, incidents + columns, costs[rows, columns])
    for place in range(max(case["rooms"], default=0)):
        having = [incidents + at for at, room in enumerate(case["rooms"]) if room > place]
        add(having, [sink] * len(having), [step * place] * len(having))
    # One incident left out costs more than all that come after it and all ways together.
    dearest = int(costs.max(initial=0)) + step * max(case["rooms"], default=0)
    unit = 1 + incidents * dearest
    penalties = [unit * (incidents - rank) for rank in range(incidents)]
    outs = add(range(incidents), [sink] * incidents, penalties)
    flow.set_nodes_supplies(
        np.arange(sink + 1), np.array([1] * incidents + [0] * workers + [-incidents])
    )
    status = flow.solve()
    assert status == flow.OPTIMAL, status
    left = np.nonzero(flow.flows(outs))[0]
    cost = flow.optimal_cost() - sum(penalties[rank] for rank in left)
    print(json.dumps({"left": left.tolist(), "cost": int(cost)}), flush=True)

"""The measurements of DESIGN §5, each beside its peers. `scripts/bench` runs them."""

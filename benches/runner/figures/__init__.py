"""The figures by name: each module measures one or more of them."""

from runner.figures import flood, me, million, peer, refresh, sign_in, small

# In the order they are measured; a module that measures several measures those that were asked for.
MEASURES = {
    "me-sqlite": me.on_sqlite,
    "me-mariadb": me.on_mariadb,
    "sign-in": sign_in.measure,
    "flood": flood.measure,
    "refresh": refresh.measure,
    "million": million.measure,
    "small": small.measure,
    "peer-better-auth": peer.measure,
}

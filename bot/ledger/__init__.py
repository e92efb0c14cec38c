"""What Redis holds for the bot: deliveries, wanted and done generations, leases, pending commands.

Every change that has to be atomic is one Lua script in `lua/`. Times are Redis's own, so that the
clocks of receivers, workers and sweepers need not agree.
"""

"""Who comes back: valid orders in arrays go in; per customer the probability of another order within some days comes out.

Beside it the repeat-purchase models of the literature as a second opinion, subscription survival, and how well it held.
"""

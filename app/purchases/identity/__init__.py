"""Who a row belongs to: the key of a customer, what two keys of one person share, and the merges people have decided."""

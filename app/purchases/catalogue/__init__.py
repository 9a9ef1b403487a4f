"""What is sold and what happened: products and their families (商品), subscriptions (定期), events (できごと).

Files and people's own entries come in; products join the order lines, subscriptions and events the customer's timeline.
"""

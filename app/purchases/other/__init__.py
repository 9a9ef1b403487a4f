"""Files beside the orders: members in, attributes of customers out; what such small tables share."""

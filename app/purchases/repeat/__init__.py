"""Who comes back, when and with what: in go the orders of a build, out come cohorts, steps, cycles, values, cross-sales."""

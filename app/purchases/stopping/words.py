"""What endings, standings and cautions are called on the screens. Pure."""

from app.core.i18n import N_
from app.purchases.stopping.schemas import Caution, Ending, Standing

ENDING_LABELS: dict[Ending, str] = {
    "cancelled": N_("cancelled"),
    "stopped": N_("stopped"),
}
STANDING_LABELS: dict[Standing, str] = {
    "going": N_("still buying"),
    "cancelled": N_("who cancelled"),
    "stopped": N_("no further order"),
}
BAND_LABELS = (
    N_("used up for longer than one delivery lasts"),
    N_("just used up"),
    N_("up to one delivery left"),
    N_("one to two deliveries left"),
    N_("more than two deliveries left"),
)
CAUTION_TEXTS: dict[Caution, str] = {
    Caution.FEW: N_(
        "There are few subscriptions or few endings: one person more or less moves the curve. Read the counts, not the shares."
    ),
    Caution.ONE_COHORT: N_("All began in one month: later months may go differently."),
    Caution.FAR: N_("The far end of the curve is a forecast: hardly anybody has come that far yet."),
    Caution.POOR_FIT: N_(
        "At some deliveries more or fewer people stop than the curve can tell: look for the cause there, and do not use it to forecast."
    ),
    Caution.SAME_CHANCE: N_(
        "Everybody seems to stop with the same chance: of the curve only the average can be trusted."
    ),
}

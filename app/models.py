"""Every table of the app store, imported once so that the metadata is whole."""

import app.accounts.models
import app.candidates.models
import app.exports.models
import app.interviews.models
import app.purchases.catalogue.models
import app.purchases.identity.models
import app.purchases.models
import app.purchases.scoring.models
import app.purchases.segments.models
import app.studies.models
import app.tagging.models  # noqa: F401 - imported for their tables

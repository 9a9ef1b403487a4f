"""The shortest span of a sentence that carries a stage, found by a linear model over its words; trained by `app.language.training`."""

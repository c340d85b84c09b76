//! The form made from the schema, and the results beside it.

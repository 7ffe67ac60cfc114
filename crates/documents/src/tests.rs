//! What documents and records become.

// Package peers measures what others would use to find a repeated text, beside our own index, in one run:
// SQLite's full-text search asked for the twelve rarest words, Bleve's match query, and the similarity
// scores of Cofacts (Dice on letter pairs) and pg_trgm, tuned on the same texts. It is a module of its own
// so that none of their modules come into the product.
package peers

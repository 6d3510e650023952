package webhook

// Batch is a delivery with several records.
type Batch[E any] struct {
	// Records in the order of the body.
	Records []E
	// Raw is the body as it came.
	Raw []byte
}

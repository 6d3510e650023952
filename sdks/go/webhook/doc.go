// Package webhook has what the receivers of all contracts share: the errors and their codes, the settings of a
// receiver, the types of fields that Go has no type for, and stores for deduplication.
//
// Each contract has a package of its own under contracts; start there:
//
//	hook, err := stech.New(os.Getenv("STECH_WEBHOOK_SECRET"))
//	event, err := hook.Verify(body, r.Header)
package webhook

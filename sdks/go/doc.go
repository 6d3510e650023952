// Package hookwright has no code: it is the root of the receivers' packages, one for each contract under contracts, and
// of webhook, which has what they share.
//
//	hook, err := stech.New(os.Getenv("STECH_WEBHOOK_SECRET"))
//	...
//	http.Handle("/hooks/stech", hook.Handler(func(ctx context.Context, event stech.Event) error {
//		switch e := event.(type) {
//		case *stech.DeploymentFailed:
//			return page(ctx, e.Data.AgentName)
//		case *stech.UnknownEvent:
//			log.Printf("new event %s", e.RawType)
//		}
//		return nil
//	}))
//
// The README says how to get the raw body in a framework, and what each error means.
package hookwright

package receiver

import (
	"context"
	"fmt"

	"github.com/hookwright/hookwright/sdks/go/webhook"
)

// once claims the ids and has those handled that are new. When that fails, by an error or a panic, they are released: the
// delivery will come again. An event without an id is always new.
func once(ctx context.Context, store webhook.DedupeStore, ids []string, handle func(isFresh []bool) error) (err error) {
	isFresh := make([]bool, len(ids))
	var claimed []string
	handled := false
	defer func() {
		if !handled {
			err = both(err, release(store, claimed))
		}
	}()
	for index, id := range ids {
		isFresh[index] = true
		if store == nil || id == "" {
			continue
		}
		if isFresh[index], err = store.Claim(ctx, id); err != nil {
			return err
		}
		if isFresh[index] {
			claimed = append(claimed, id)
		}
	}
	if anyOf(isFresh) || len(ids) == 0 {
		err = handle(isFresh)
	}
	handled = err == nil
	return err
}

// The request may have been given up meanwhile; the ids have to be released all the same, so not with its context.
func release(store webhook.DedupeStore, ids []string) error {
	var err error
	for _, id := range ids {
		err = both(err, store.Release(context.Background(), id))
	}
	return err
}

// errors.Join came with Go 1.20.
func both(first, second error) error {
	switch {
	case first == nil:
		return second
	case second == nil:
		return first
	}
	return fmt.Errorf("%w; and %v", first, second)
}

func anyOf(flags []bool) bool {
	for _, flag := range flags {
		if flag {
			return true
		}
	}
	return false
}

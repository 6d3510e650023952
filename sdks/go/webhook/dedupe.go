package webhook

import (
	"context"
	"fmt"
	"sync"
)

// DedupeStore notes which events were handled. Deliveries come at least once; the id of an event is the same on every
// attempt. Implementations are safe for concurrent use.
type DedupeStore interface {
	// Claim notes the id. False: it was noted before.
	Claim(ctx context.Context, id string) (bool, error)
	// Release forgets the id, because handling its event failed and it will come again.
	Release(ctx context.Context, id string) error
}

// MemoryStore keeps the ids that were noted last, in this process alone: a restart forgets them, and replicas do not
// share them. See the README for a table that does.
type MemoryStore struct {
	mutex sync.Mutex
	known map[string]uint64
	// The noted ids with the number of their claim; one that was released, or claimed again, is no longer in known.
	ring []claim
	next uint64
}

type claim struct {
	id     string
	number uint64
}

// NewMemoryStore makes a store of the last max ids. An id takes about 100 bytes.
func NewMemoryStore(max int) (*MemoryStore, error) {
	if max < 1 {
		return nil, fmt.Errorf("webhook: expected room for at least one id, got %d", max)
	}
	return &MemoryStore{known: make(map[string]uint64), ring: make([]claim, max)}, nil
}

// Claim notes the id and forgets the oldest when there is no room.
func (s *MemoryStore) Claim(_ context.Context, id string) (bool, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if _, noted := s.known[id]; noted {
		return false, nil
	}
	slot := &s.ring[s.next%uint64(len(s.ring))]
	if number, noted := s.known[slot.id]; noted && number == slot.number {
		delete(s.known, slot.id)
	}
	*slot = claim{id, s.next}
	s.known[id] = s.next
	s.next++
	return true, nil
}

// Release forgets the id.
func (s *MemoryStore) Release(_ context.Context, id string) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.known, id)
	return nil
}

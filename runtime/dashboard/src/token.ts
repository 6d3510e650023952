import { signal } from "@preact/signals";

/** What every request carries. Null: nobody has signed in. */
export const token = signal<string | null>(null);

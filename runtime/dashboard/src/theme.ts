import { effect, signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

export const theme = signal<Theme>("system");

/** Follows the system unless somebody chose. */
export function openTheme(): void {
  const kept = read();
  if (kept === "light" || kept === "dark") theme.value = kept;
  effect(() => {
    document.documentElement.dataset["theme"] = theme.value;
    try {
      localStorage.setItem("hookwright-theme", theme.value);
    } catch {
      // A frame without storage asks again next time.
    }
  });
}

function read(): string | null {
  try {
    return localStorage.getItem("hookwright-theme");
  } catch {
    return null;
  }
}

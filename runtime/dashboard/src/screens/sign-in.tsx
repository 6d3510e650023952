import { useState } from "preact/hooks";
import { answerOf, api, problemOf, type Problem } from "../api.ts";
import { place } from "../router.ts";
import { signIn } from "../session.ts";
import { TextField } from "../parts/fields.tsx";
import { ProblemNote } from "../parts/states.tsx";
import { texts } from "../texts/texts.ts";

export function SignIn() {
  const t = texts();
  const [key, setKey] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const tryKey = async (event: Event) => {
    event.preventDefault();
    setProblem(null);
    try {
      await answerOf(api.GET("/v1/session", { headers: { authorization: `Bearer ${key.trim()}` } }));
      signIn(key.trim());
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  const isUnknown = problem?.status === 401;
  return (
    <main class="alone">
      <h1 tabIndex={-1}>Hookwright</h1>
      <p>{place.value.face === "/portal" ? t.signInPortal : t.signInLead}</p>
      <form class="stack" onSubmit={(event) => void tryKey(event)}>
        <TextField label={t.key} type="password" value={key} onInput={setKey} isRequired />
        {problem !== null && (
          <ProblemNote problem={isUnknown ? { ...problem, message: t.keyExpired, remedy: null } : problem} />
        )}
        <button type="submit" class="primary">
          {t.signIn}
        </button>
      </form>
    </main>
  );
}

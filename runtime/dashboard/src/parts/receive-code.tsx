import { useState } from "preact/hooks";
import { texts } from "../texts/texts.ts";
import { Code } from "./copy.tsx";

const languages = ["TypeScript", "Python", "Go"] as const;

/** How a receiver verifies what comes, with the name of its secret and not its value. */
export function ReceiveCode({ contract }: { readonly contract: string }) {
  const [language, setLanguage] = useState<(typeof languages)[number]>("TypeScript");
  const secret = `${contract.replaceAll(/[^A-Za-z0-9]/g, "_").toUpperCase()}_WEBHOOK_SECRET`;
  const snippets = {
    TypeScript: `import { Webhook } from "@hookwright/webhooks/${contract}";

const webhook = new Webhook(process.env.${secret});
const event = await webhook.verify(body, headers);`,
    Python: `event = Webhook(os.environ["${secret}"]).verify(request.get_data(), request.headers)`,
    Go: `event, err := hook.Verify(body, request.Header) // hook has os.Getenv("${secret}")`,
  };
  return (
    <div class="stack">
      <div class="segments" role="group" aria-label={texts().verify}>
        {languages.map((each) => (
          <button key={each} type="button" aria-pressed={each === language} onClick={() => setLanguage(each)}>
            {each}
          </button>
        ))}
      </div>
      <Code text={snippets[language]} />
    </div>
  );
}

import { render } from "preact";
import { App } from "./app.tsx";
import { openFrame } from "./frame.ts";
import { followLinks } from "./router.ts";
import { openSession } from "./session.ts";
import { openTheme } from "./theme.ts";
import { openTexts } from "./texts/texts.ts";
import "./styles.css";

openSession();
openTheme();
followLinks();
openFrame();
void openTexts().then(() => {
  const root = document.getElementById("app");
  if (root !== null) render(<App />, root);
});

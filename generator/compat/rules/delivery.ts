import { rule } from "../rule.ts";
import type { Rule } from "../rule.ts";

/** Rules about how events get to receivers. */
export const deliveryRules = {
  "signature-changed": rule(["error", "delivery"], "another signature", {
    reason: "Receivers refuse every delivery.",
    remedy: "send the new signature beside the old one, in a header of its own",
  }),
  "signature-removed": rule(["error", "delivery"], "requests are no longer signed", {
    reason: "Receivers refuse every delivery.",
    remedy: "keep the signature",
  }),
  "signature-added": rule(["info", "delivery"], "requests are signed", {
    reason: "Receivers that do not verify take them as before.",
  }),
  "secret-format-changed": rule(["error", "delivery"], "new secrets look different", {
    reason: "Receivers refuse them, or derive another key.",
    remedy: "keep the format",
  }),
  "secret-scope-changed": rule(["error", "delivery"], "secrets belong to something else", {
    reason: "Receivers verify with the secret that they have.",
    remedy: "keep the scope",
  }),
  "rotation-changed": rule(["warning", "delivery"], "secrets are rotated in another way", {
    reason: "What owners planned for a rotation no longer holds.",
    remedy: "announce it",
  }),
  "overlap-shortened": rule(["warning", "delivery"], "two secrets sign together for a shorter time", {
    reason: "A receiver that is not updated in time refuses deliveries.",
    remedy: "keep the time",
  }),
  "overlap-lengthened": rule(["info", "delivery"], "two secrets sign together for a longer time", {
    reason: "A secret that has leaked is accepted for longer.",
  }),
  "tolerance-narrowed": rule(["warning", "delivery"], "clocks may differ by less", {
    reason: "Receivers with a skewed clock refuse deliveries after an update.",
    remedy: "keep the tolerance",
  }),
  "tolerance-widened": rule(["info", "delivery"], "clocks may differ by more", {
    reason: "A delivery that was recorded can be replayed for longer.",
  }),
  "header-removed": rule(["error", "delivery"], "a header is gone", {
    reason: "Receivers rely on it.",
    remedy: "keep sending it",
  }),
  "header-changed": rule(["error", "delivery"], "a header carries something else", {
    reason: "Receivers misread it.",
    remedy: "send the new value in a header of its own",
  }),
  "header-added": rule(["info", "delivery"], "a new header", { reason: "Receivers ignore it." }),
  "user-agent-changed": rule(["info", "delivery"], "another user agent", { reason: "Firewalls may filter by it." }),
  "challenge-changed": rule(["warning", "delivery"], "endpoints are asked another challenge, or none", {
    reason: "Receivers that do not answer it cannot be registered, nor given another URL.",
    remedy: "release receivers that answer it first",
  }),
  "content-type-changed": rule(["error", "delivery"], "bodies have another media type", {
    reason: "Frameworks choose by it what reads a body, and some refuse what they do not know.",
    remedy: "keep the media type",
  }),
  "timeout-reduced": rule(["error", "delivery"], "less time to answer", {
    reason: "Slow receivers begin to fail.",
    remedy: "keep the time",
  }),
  "timeout-raised": rule(["info", "delivery"], "more time to answer", { reason: "A slow receiver is given up later." }),
  "success-narrowed": rule(["error", "delivery"], "an answer is no longer accepted", {
    reason: "A receiver that gives it gets every event again, or none.",
    remedy: "keep accepting it",
  }),
  "success-widened": rule(["info", "delivery"], "a further answer is accepted", {
    reason: "A receiver that gives it no longer gets the event again.",
  }),
  "retryable-reduced": rule(["warning", "delivery"], "a failure is no longer tried again", {
    reason: "A short outage of that kind loses events.",
    remedy: "keep trying again",
  }),
  "retryable-raised": rule(["info", "delivery"], "a further failure is tried again", {
    reason: "Receivers get more attempts.",
  }),
  "outcome-word-changed": rule(["info", "delivery"], "another word for an outcome", {
    reason: "It stands in the delivery log.",
  }),
  "retry-reduced": rule(["warning", "delivery"], "fewer attempts, or for a shorter time", {
    reason: "A receiver has less time to recover from an outage.",
    remedy: "keep the attempts and their time",
  }),
  "retry-changed": rule(["info", "delivery"], "other waits between attempts", {
    reason: "What is deduplicated must be remembered for as long as attempts last.",
  }),
  "retry-jitter-changed": rule(["info", "delivery"], "waits between attempts are random in another degree", {
    reason: "Attempts come sooner or later than the table says, or exactly as it says.",
  }),
  "retry-after-changed": rule(["info", "delivery"], "`Retry-After` counts differently", {
    reason: "A receiver that asks for a wait gets another one.",
  }),
  "breaker-changed": rule(["warning", "delivery"], "the circuit breaker opens or pauses differently", {
    reason: "What is owed to an endpoint that fails comes later, or is tried more often while it fails.",
    remedy: "announce it",
  }),
  "subscribers-refused": rule(["error", "delivery"], "programs cannot subscribe any more", {
    reason: "Their subscriptions end, and they cannot renew them.",
    remedy: "keep the rule",
  }),
  "subscribers-changed": rule(["info", "delivery"], "subscriptions are granted otherwise", {
    reason: "A subscriber reads from the answer for how long it is subscribed.",
  }),
  "subscribers-admitted": rule(["info", "delivery"], "programs can subscribe by themselves", {
    reason: "Endpoints come and go without their owner.",
  }),
  "retry-exhaustion-changed": rule(["error", "delivery"], "another end of failed attempts", {
    reason: "A batch is passed over that was held, or held that was passed over.",
    remedy: "keep the former one",
  }),
  "disable-tightened": rule(["warning", "delivery"], "an endpoint is disabled sooner", {
    reason: "A shorter outage silences it.",
    remedy: "keep the limit",
  }),
  "disable-loosened": rule(["info", "delivery"], "an endpoint is disabled later, or never", {
    reason: "A dead endpoint gets attempts for longer.",
  }),
  "subscription-narrowed": rule(["error", "delivery"], "a way to subscribe is gone", {
    reason: "Subscriptions that use it match nothing.",
    remedy: "keep it",
  }),
  "subscription-widened": rule(["info", "delivery"], "a new way to subscribe", {
    reason: "Subscriptions there are match as before.",
  }),
  "subscription-default-changed": rule(["warning", "delivery"], "what an endpoint gets that names no events", {
    reason: "Whoever makes endpoints without naming any is refused, or gets other events.",
    remedy: "announce it",
  }),
  "url-rule-narrowed": rule(["error", "delivery"], "fewer URLs are allowed", {
    reason: "Endpoints that exist may have a URL that is refused now.",
    remedy: "keep allowing them",
  }),
  "url-rule-widened": rule(["info", "delivery"], "more URLs are allowed", {
    reason: "Endpoints that exist are as they were.",
  }),
  "state-renamed": rule(["warning", "delivery"], "another word for a state", {
    reason: "It stands in the API and in the delivery log.",
    remedy: "keep the word",
  }),
  "companion-removed": rule(["error", "delivery"], "events are no longer sent together with others", {
    reason: "Handlers fall silent, and no error appears anywhere.",
    remedy: "keep it until nobody is subscribed",
  }),
  "companion-changed": rule(["warning", "delivery"], "events are sent together with others in another way", {
    reason: "Receivers get them at other times or with other data.",
    remedy: "announce it",
  }),
  "companion-added": rule(["info", "delivery"], "events are sent together with others", {
    reason: "Subscribers of that type get more events.",
  }),
  "masked-changed": rule(["warning", "delivery"], "other texts are masked", {
    reason: "Receivers get asterisks where they got a text, or a text that was kept from them.",
    remedy: "announce it",
  }),
  "omission-changed": rule(["warning", "delivery"], "what is empty is left out, or is sent again", {
    reason: "Receivers get no list where they got an empty one, or the other way round.",
    remedy: "announce it",
  }),
  "tenant-member-changed": rule(["info", "delivery"], "another member of the data has to name the tenant", {
    reason: "Events of another tenant's data are refused at emit.",
  }),
  "batch-body-changed": rule(["error", "delivery"], "batches have another form", {
    reason: "Receivers cannot read any.",
    remedy: "declare a second contract",
  }),
  "batch-record-changed": rule(["error", "delivery"], "the records of a batch are wrapped in another way", {
    reason: "Receivers look for the event in another place.",
    remedy: "declare a second contract",
  }),
  "body-size-raised": rule(["warning", "delivery"], "requests may be larger", {
    reason: "Receivers refuse what is larger than they were set to take.",
    remedy: "keep the limit, or announce it",
  }),
  "body-size-lowered": rule(["info", "delivery"], "requests are smaller", {
    reason: "Events that were taken are refused when they are emitted; receivers see nothing of it.",
  }),
  "batch-size-raised": rule(["warning", "delivery"], "batches may be larger", {
    reason: "Limits on bodies may be too low.",
    remedy: "keep the limit",
  }),
  "batch-size-lowered": rule(["info", "delivery"], "batches are smaller", { reason: "Receivers get more requests." }),
  "batch-single-changed": rule(["warning", "delivery"], "records are sent alone in another way", {
    reason: "Owners who chose it get requests differently.",
    remedy: "announce it",
  }),
  "schedule-changed": rule(["warning", "delivery"], "another schedule", {
    reason: "Records arrive at other times.",
    remedy: "announce it",
  }),
  "delay-changed": rule(["warning", "delivery"], "records wait for another time", {
    reason: "Records arrive at other times.",
    remedy: "announce it",
  }),
  "filter-changed": rule(["warning", "delivery"], "records are chosen in another way", {
    reason: "Streams get more or fewer records.",
    remedy: "announce it",
  }),
  "setting-removed": rule(["error", "delivery"], "a setting of streams is gone", {
    reason: "Requests that set it are refused.",
    remedy: "keep it",
  }),
  "setting-changed": rule(["error", "delivery"], "a setting of streams means something else", {
    reason: "Streams that set it behave differently.",
    remedy: "add a setting of another name",
  }),
  "setting-added": rule(["info", "delivery"], "a new setting of streams", {
    reason: "Streams that do not set it are as they were.",
  }),
  "fail-mode-changed": rule(["warning", "delivery"], "what holds without a verdict is another", {
    reason: "Actions whose owner set nothing let go on what they stopped, or the reverse.",
    remedy: "keep the default",
  }),
  "kill-switch-tightened": rule(["warning", "delivery"], "an action is killed sooner", {
    reason: "A shorter outage switches it off.",
    remedy: "keep the limits",
  }),
  "kill-switch-loosened": rule(["info", "delivery"], "an action is killed later", {
    reason: "A broken action is asked for longer.",
  }),
  "trigger-removed": rule(["error", "delivery"], "a trigger is gone", {
    reason: "Actions that hang on it are never asked.",
    remedy: "keep it",
  }),
  "trigger-added": rule(["info", "delivery"], "a new trigger", { reason: "No action hangs on it yet." }),
  "trigger-changed": rule(["error", "delivery"], "the answer to a trigger counts differently", {
    reason: "A verdict decides that did not, or decides no more.",
    remedy: "add a trigger of another name",
  }),
  "verdict-rule-changed": rule(["error", "delivery"], "verdicts are read differently", {
    reason: "Answers that receivers give are no longer understood.",
    remedy: "keep it",
  }),
  "verdict-size-lowered": rule(["error", "delivery"], "verdicts must be smaller", {
    reason: "Answers that were taken are refused.",
    remedy: "keep the limit",
  }),
  "verdict-size-raised": rule(["info", "delivery"], "verdicts may be larger", {
    reason: "Receivers answer as before.",
  }),
  "verdict-field-removed": rule(["error", "payload"], "a field of the verdict is gone", {
    reason: "Receivers send it, and it has no effect.",
    remedy: "keep it",
  }),
  "verdict-field-added": rule(["info", "payload"], "a new field of the verdict", {
    reason: "Receivers that do not send it answer as before.",
  }),
  "verdict-field-required": rule(["error", "payload"], "a field of the verdict is required", {
    reason: "Receivers do not send it, so their answers are refused.",
    remedy: "make it optional",
  }),
  "verdict-field-optional": rule(["info", "payload"], "a field of the verdict may be absent or null", {
    reason: "Receivers answer as before.",
  }),
  "verdict-type-narrowed": rule(["error", "payload"], "the verdict may hold less", {
    reason: "Answers that were taken are refused.",
    remedy: "keep accepting them",
  }),
  "verdict-type-widened": rule(["info", "payload"], "the verdict may hold more", {
    reason: "Receivers answer as before.",
  }),
  "log-reduced": rule(["warning", "history"], "less is kept of deliveries", {
    reason: "What could be looked up is not there.",
    remedy: "keep the limit",
  }),
  "log-raised": rule(["info", "history"], "more is kept of deliveries", {
    reason: "Everything that could be looked up still can.",
  }),
} as const satisfies Readonly<Record<string, Rule>>;

// Conversations of three turns through a gateway: `node traffic.mjs URL PER_SECOND [RATE_OF_V1] [RATE_OF_V2]`. Each ends with
// a feedback event that says whether it was resolved; the rates are the chances of that, by the version that answered.
const [url = "http://127.0.0.1:8080", perSecond = "40", v1 = "0.85", v2 = "0.85"] = process.argv.slice(2);
const TURNS = 3;
const rates = { stable: Number(v1), canary: Number(v2) };
const seen = { conversations: 0, canary: 0, lost: 0 };

async function post(path, body, conversation) {
  const headers = { "content-type": "application/json", "x-conversation-id": conversation };
  const response = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
  await response.text();
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.headers.get("x-agentctl-arm");
}

async function converse(id) {
  try {
    let arm = "stable";
    for (let turn = 0; turn < TURNS; turn += 1) {
      const messages = [{ role: "user", content: `Where is my order? (${turn + 1})` }];
      const answered = await post("/v1/chat/completions", { model: "support", messages }, id);
      if (turn === 0) arm = answered;
    }
    seen.conversations += 1;
    if (arm === "canary") seen.canary += 1;
    const value = Math.random() < rates[arm];
    await post("/v1/feedback", { id, conversation_id: id, kind: "resolution", value, source: "example" }, id);
  } catch (error) {
    seen.lost += 1;
    console.error(`${id}: ${error.message}`);
  }
}

const report = () =>
  console.log(`${seen.conversations} conversations, ${seen.canary} met v2, ${seen.lost} lost`);

let number = 0;
const talks = new Set();
const begin = setInterval(() => {
  const talk = converse(`c-${process.pid}-${++number}`);
  talks.add(talk);
  talk.finally(() => talks.delete(talk));
}, 1000 / Number(perSecond));
const tell = setInterval(report, 5000);

async function end() {
  clearInterval(begin);
  clearInterval(tell);
  await Promise.all(talks);
  report();
  process.exit();
}
process.once("SIGINT", end);
process.once("SIGTERM", end);

/** Builders of elements, and the unpacking of data. Everything goes through textContent: no text is read as markup. */
export const DOM_SCRIPT = `
function make(name, className, text, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== null && text !== undefined) element.textContent = text;
  element.append(...children);
  return element;
}

function button(text, onClick, attributes) {
  const element = make("button", "", text);
  element.type = "button";
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  element.addEventListener("click", onClick);
  return element;
}

function block(title, ...children) {
  return make("section", "", null, make("h3", "", title), ...children);
}

function bytesOf(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

async function unpack(id) {
  const packed = new Blob([bytesOf(document.getElementById(id).textContent)]);
  const stream = packed.stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return JSON.parse(await new Response(stream).text());
}
`;

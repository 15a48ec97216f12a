// Reads a JSON list of Mermaid sources from standard input, and prints a JSON list of what the real Mermaid makes of
// each: its nodes, boxes, arrows and texts, or the error. With `render`, also the elements and labels of the drawing.
//
// Run: node read.mjs NODE_MODULES [render]

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, render] = process.argv.slice(2);
const { JSDOM } = createRequire(join(folder, "index.js"))("jsdom");

const { window } = new JSDOM("<!DOCTYPE html><body></body>", { pretendToBeVisual: true });
// jsdom has no layout: every text is as large as any other.
window.SVGElement.prototype.getBBox = () => ({ x: 0, y: 0, width: 100, height: 20 });
window.SVGElement.prototype.getComputedTextLength = () => 100;
window.Element.prototype.getBoundingClientRect = () => ({ x: 0, y: 0, width: 100, height: 20 });
Object.assign(globalThis, { window, document: window.document });
for (const name of ["Element", "HTMLElement", "SVGElement", "Node", "DOMParser", "XMLSerializer", "CSSStyleSheet"]) {
  globalThis[name] = window[name];
}

const { default: mermaid } = await import(pathToFileURL(join(folder, "mermaid/dist/mermaid.core.mjs")));
mermaid.initialize({ startOnLoad: false, securityLevel: "strict", logLevel: "fatal" });

async function read(source, index) {
  await mermaid.parse(source);
  const { db, type } = await mermaid.mermaidAPI.getDiagramFromText(source);
  const boxes = db.getSubGraphs();
  // A box that an arrow leads to is among the nodes as well.
  const nodes = [...db.getVertices().values()].filter(({ id }) => !boxes.some((box) => box.id === id));
  const arrows = db.getEdges();
  const written = [...nodes.map(({ text }) => text), ...boxes.map(({ title }) => title), ...arrows.map(({ text }) => text)];
  return {
    type,
    nodes: nodes.map(({ id }) => id),
    boxes: boxes.map(({ id }) => id),
    arrows: arrows.map(({ start, end, stroke, type }) => ({ start, end, stroke, type })),
    texts: written.map(decoded),
    // Whatever leads somewhere, runs something or changes the looks.
    active: nodes.filter(isActive).map(({ id }) => id),
    ...(render ? await drawn(source, index) : {}),
  };
}

function isActive({ link, haveCallback, classes, styles }) {
  return Boolean(link || haveCallback || classes.length || styles.length);
}

// Mermaid keeps entities in a form of its own until it draws them.
function decoded(text) {
  return text.replace(/<br\/?>/g, "\n").replace(/ﬂ°°(\d+)¶ß/g, (_, code) => String.fromCodePoint(code));
}

async function drawn(source, index) {
  const { svg } = await mermaid.render(`picture${index}`, source);
  const root = new JSDOM(svg).window.document;
  const labels = [...root.querySelectorAll("foreignObject")];
  return {
    elements: elements(root),
    elementsOfLabels: [...new Set(labels.flatMap(elements))],
    labels: labels.map(shown),
  };
}

function elements(root) {
  return [...new Set([...root.querySelectorAll("*")].map(({ localName }) => localName.toLowerCase()))];
}

function shown(label) {
  for (const each of label.querySelectorAll("br")) {
    each.replaceWith("\n");
  }
  return label.textContent;
}

const results = [];
for (const [index, source] of JSON.parse(readFileSync(0, "utf-8")).entries()) {
  try {
    results.push(await read(source, index));
  } catch (error) {
    results.push({ error: String(error.message ?? error) });
  }
}
process.stdout.write(JSON.stringify(results), () => process.exit(0));

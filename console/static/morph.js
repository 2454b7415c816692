// Makes one element like another by changing only what differs, so that focus, hover, scrolling and
// unfolded parts stay.

/** @returns whether anything changed. */
export function morph(element, like) {
  let changed = syncAttributes(element, like);
  const wantedKeys = new Set(Array.from(like.children, (child) => child.dataset.key));
  const keyed = new Map();
  for (const child of [...element.children]) {
    const { key } = child.dataset;
    if (key && wantedKeys.has(key)) keyed.set(key, child);
    // Gone before the others are compared: what stays in place keeps the focus.
    else if (key) {
      child.remove();
      changed = true;
    }
  }
  let current = element.firstChild;
  for (const wanted of [...like.childNodes]) {
    const key = wanted.dataset?.key;
    const kept = key ? keyed.get(key) : fits(current, wanted) ? current : undefined;
    if (kept === undefined) {
      element.insertBefore(document.importNode(wanted, true), current);
      changed = true;
      continue;
    }
    if (kept !== current) {
      element.insertBefore(kept, current);
      changed = true;
    } else current = current.nextSibling;
    changed = morphNode(kept, wanted) || changed;
  }
  while (current) {
    const next = current.nextSibling;
    current.remove();
    current = next;
    changed = true;
  }
  return changed;
}

function fits(node, wanted) {
  return node?.nodeType === wanted.nodeType && node.nodeName === wanted.nodeName &&
    !node.dataset?.key;
}

function morphNode(node, wanted) {
  if (node.nodeType === Node.ELEMENT_NODE) return morph(node, wanted);
  if (node.nodeValue === wanted.nodeValue) return false;
  node.nodeValue = wanted.nodeValue;
  return true;
}

function syncAttributes(element, like) {
  // Whether something is unfolded is up to the reader.
  const own = (name) => name === "open" && element.nodeName === "DETAILS";
  let changed = false;
  for (const { name, value } of like.attributes) {
    if (own(name) || element.getAttribute(name) === value) continue;
    element.setAttribute(name, value);
    changed = true;
  }
  for (const { name } of [...element.attributes]) {
    if (own(name) || like.hasAttribute(name)) continue;
    element.removeAttribute(name);
    changed = true;
  }
  return changed;
}

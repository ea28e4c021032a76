/** What YAML makes of a file: mappings, lists, scalars. */
export type Tree = { [key: string]: unknown };
export type TreePath = readonly (string | number)[];

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function getAt(tree: Tree, path: TreePath): unknown {
  let value: unknown = tree;
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)];
    else if (isTree(value) && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value;
}

export function hasAt(tree: Tree, path: readonly string[]): boolean {
  const parent = getAt(tree, path.slice(0, -1));
  return isTree(parent) && Object.hasOwn(parent, path.at(-1) ?? '');
}

/** Sets the value in place, making the mappings on the way. */
export function setAt(tree: Tree, path: readonly string[], value: unknown): void {
  let parent = tree;
  for (const step of path.slice(0, -1)) {
    const next = parent[step];
    const child: Tree = isTree(next) ? next : {};
    parent[step] = child;
    parent = child;
  }
  parent[path.at(-1) ?? ''] = value;
}

export function removeAt(tree: Tree, path: readonly string[]): void {
  const parent = getAt(tree, path.slice(0, -1));
  if (isTree(parent)) delete parent[path.at(-1) ?? ''];
}

/** `users[1].name` */
export function formatPath(path: TreePath): string {
  let text = '';
  for (const step of path) text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`;
  return text;
}

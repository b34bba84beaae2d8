// The licenses of the packages that a bundle has taken in, which go where their code goes.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The text for `inputs`, the keys of esbuild's metafile: paths below `root`. */
export function licenses(root, inputs) {
  const found = new Map();
  for (const input of inputs) {
    const [directory] = /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(input) ?? [];
    if (directory === undefined || found.has(directory)) continue;
    found.set(directory, licenseOf(join(root, directory)));
  }
  return `What dist/ holds of other packages, and their licenses.\n\n${[...new Set(found.values())].sort().join('\n\n')}\n`;
}

function licenseOf(directory) {
  const { name, version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? `License: ${license}` : readFileSync(join(directory, file), 'utf8').trim();
  return `## ${name} ${version}\n\n${text}`;
}

/** Plugins: `kubectl foo bar` runs `kubectl-foo-bar` or `kubectl-foo` of the PATH (pkg/cmd/cmd.go: HandlePluginCommand). */
import type { Files } from './files.js';

/** The exit code of the plugin that at least so many of these words name; undefined: there is none. */
export async function runPlugin(
  files: Files,
  env: Readonly<Record<string, string | undefined>>,
  argv: readonly string[],
  fewest = 1,
): Promise<number | undefined> {
  const firstFlag = argv.findIndex((word) => word.startsWith('-'));
  const words = firstFlag < 0 ? argv : argv.slice(0, firstFlag);
  // The longest name wins; a hyphen within a word is an underscore in the name of the file.
  for (let count = words.length; count >= fewest; count--) {
    const name = words
      .slice(0, count)
      .map((word) => word.replaceAll('-', '_'))
      .join('-');
    const path = await executable(files, env, `kubectl-${name}`);
    if (path !== undefined) return files.run([path, ...argv.slice(count)], { env });
  }
  return undefined;
}

async function executable(files: Files, env: Readonly<Record<string, string | undefined>>, name: string): Promise<string | undefined> {
  if (name.includes('/')) return undefined;
  for (const directory of (env['PATH'] ?? '').split(':')) {
    if (directory === '') continue;
    const path = `${directory}/${name}`;
    const found = await files.kind(path);
    if (found?.kind === 'file' && (found.mode & 0o111) !== 0) return path;
  }
  return undefined;
}

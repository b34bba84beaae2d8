/** Control characters made harmless for a terminal: printers.WriteEscaped of k8s.io/cli-runtime. */

/** ESC prints as `^[`, CR as `\r`. */
export function escapeTerminal(text: string): string {
  return text.includes('\u001b') || text.includes('\r') ? text.replaceAll('\u001b', '^[').replaceAll('\r', '\\r') : text;
}

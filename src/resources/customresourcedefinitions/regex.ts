/** Go's regular expressions (RE2), as far as patterns of schemas go: what it says of one that is none. */

/** undefined: it is one. */
export function regexProblem(pattern: string): string | undefined {
  try {
    new RegExp(pattern, 'u');
    return /\(\?(<?[=!])/.test(pattern) ? `error parsing regexp: invalid or unsupported Perl syntax: \`${/\(\?<?[=!]/.exec(pattern)?.[0]}\`` : undefined;
  } catch {
    return goProblem(pattern);
  }
}

function goProblem(pattern: string): string | undefined {
  const say = (what: string, part: string): string => `error parsing regexp: ${what}: \`${part}\``;
  if (/\\$/.test(pattern)) return 'error parsing regexp: trailing backslash at end of expression: ``';
  const repeat = /^[*+?]/.exec(pattern)?.[0];
  if (repeat !== undefined) return say('missing argument to repetition operator', repeat);
  let depth = 0;
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] === '\\') i++;
    else if (pattern[i] === '[') {
      const end = pattern.indexOf(']', i + 2);
      if (end < 0) return say('missing closing ]', pattern.slice(i));
      i = end;
    } else if (pattern[i] === '(') depth++;
    else if (pattern[i] === ')' && --depth < 0) return say('unexpected )', pattern);
  }
  return depth > 0 ? say('missing closing )', pattern) : undefined;
}

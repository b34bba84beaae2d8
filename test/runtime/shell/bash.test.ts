/** What only bash understands, and other shells refuse in ways of their own. Outputs are bash 5.2's. */
import { expect, test } from 'vitest';
import { runScript } from './host.js';

test.each([
  ['f() { local -A m; m[a]=1; local l=(p q); echo ${m[a]} ${l[1]}; }; f; echo ${m[a]-unset} ${l[1]-unset}', '1 q\nunset unset\n'],
  ['declare -a arr; arr[3]=x; arr+=(y); echo ${#arr[@]} ${!arr[@]}; readonly -a ra=(1 2); echo ${ra[1]}', '2 3 4\n2\n'],
  ['a=([2]=x y [7]=z); echo ${!a[@]}; a[-1]=w; echo ${a[7]}', '2 3 7\nw\n'],
  ['declare -A m=([x]=1 [y]=2); m[z]=3; echo ${m[x]}${m[y]}${m[z]} ${#m[@]}', '123 3\n'],
  ['[[ "ab 15" =~ ^([^[:space:]]+)[[:space:]]+([[:digit:]x]+)$ ]] && echo "${BASH_REMATCH[1]}-${BASH_REMATCH[2]}"', 'ab-15\n'],
  ['r="^a.b$"; [[ axb =~ $r ]] && echo 1; [[ axb =~ "$r" ]] || echo 2; [[ axb =~ a"."b ]] || echo 3; [[ "a b" =~ a\\ b ]] && echo 4', '1\n2\n3\n4\n'],
])('%s', (script, output) => expect(runScript('bash', ['bash', '-c', script])).toMatchObject({ output, code: 0 }));

/** Named pipes: who waits for whom, and when they end. */
export const pipeCases: readonly string[] = [
  'mkfifo p; ls -F p; [ -p p ] && echo fifo; ls -l p | cut -c1-10; echo hi > p & cat p; echo $?',
  'mkfifo p; (echo a; echo b) > p & while read l; do echo "got $l"; done < p',
  'mkfifo p; cat p & echo one > p; wait; echo done',
  'mkfifo p; (sleep 1; echo late) > p & read x < p; echo $x',
  'mkfifo p p; echo $?',
  "mkfifo -m 600 q; stat -c '%F %a' q",
  'mkfifo p; exec 3<>p; echo hi >&3; read x <&3; echo $x',
  'mkfifo p; { echo 1; sleep 1; echo 2; } > p & cat < p; echo end',
  "mkfifo p; tail -n1 p & printf 'a\\nb\\n' > p; wait",
  "mkfifo p; grep x p & printf 'ax\\nb\\n' > p; wait",
  "mkfifo p; wc -l p & printf 'ax\\nb\\n' > p; wait",
  'find . -type p; mkfifo p; find . -type p',
  'mkfifo p; test -e p && echo e; test -f p || echo notfile; test -s p || echo empty',
  'mkfifo a b; cat a > b & cat b & echo x > a; wait',
  'mkfifo p; sleep 1 > p & cat p; echo eof',
  'rm -f p; mkfifo p; cat p & pid=$!; sleep 1; kill $pid; wait $pid; echo $?',
];

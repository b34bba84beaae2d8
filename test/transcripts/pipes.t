Output into a pipe whose reader goes away ends the command as SIGPIPE would: at once, with nothing said.

  $ kubectl get --raw /openapi/v3/api/v1 | head -c 1; echo " ${PIPESTATUS[0]}"
  { 141

What is written into a file or a slow pipe is all there.

  $ kubectl get --raw /openapi/v3/api/v1 > out.json
  $ kubectl get --raw /openapi/v3/api/v1 | (sleep 0.3; cmp - out.json)
  $ [ "$(wc -c < out.json)" -gt 200000 ]

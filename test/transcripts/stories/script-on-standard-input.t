A shell that reads its script from standard input takes here-documents to their ends.

  $ kubectl run box --image=busybox:1.36 -- sleep 1000 && kubectl wait --for=condition=Ready pod/box
  pod/box created
  pod/box condition met
  $ cat > script.sh <<'END'
  > cat <<E
  > one: {two: $((1 + 1))}
  > 
  > E
  > if true; then
  > cat - <<-"A"; cat <<B
  > 	as $it stands
  > 	A
  > last
  > B
  > fi
  > echo after
  > END
  $ kubectl exec -i box -- sh < script.sh
  one: {two: 2}
  
  as $it stands
  last
  after
  $ printf 'cat <<E\nto the end\n' | kubectl exec -i box -- sh
  to the end
  $ printf 'if true; then\necho x\n' | kubectl exec -i box -- sh
  sh: syntax error: unexpected end of file (expecting "fi")
  command terminated with exit code 2
  [2]

# What runs is the version the tag names: a rollout can be seen in the server's own words.

  $ kubectl create deployment web --image=nginx:1.16.1
  deployment.apps/web created
  $ tick 20s
  $ kubectl exec deploy/web -- nginx -v
  nginx version: nginx/1.16.1
  $ kubectl set image deployment/web nginx=nginx:1.25
  deployment.apps/web image updated
  $ tick 30s
  $ kubectl exec deploy/web -- nginx -v
  nginx version: nginx/1.25.5
  $ kubectl exec deploy/web -- curl -sI localhost | grep Server
  Server: nginx/1.25.5
  $ kubectl exec deploy/web -- printenv NGINX_VERSION
  1.25.5

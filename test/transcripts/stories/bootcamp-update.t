# The basics' last module: the second version comes from another registry, and answers as such.

  $ kubectl create deployment kubernetes-bootcamp --image=gcr.io/google-samples/kubernetes-bootcamp:v1
  deployment.apps/kubernetes-bootcamp created
  $ kubectl expose deployment/kubernetes-bootcamp --type=NodePort --port 8080
  service/kubernetes-bootcamp exposed
  $ tick 20s
  $ kubectl exec deploy/kubernetes-bootcamp -- curl -s http://kubernetes-bootcamp:8080
  Hello Kubernetes bootcamp! | Running on: kubernetes-bootcamp-* | v=1 (glob)
  $ kubectl set image deployments/kubernetes-bootcamp kubernetes-bootcamp=docker.io/jocatalin/kubernetes-bootcamp:v2
  deployment.apps/kubernetes-bootcamp image updated
  $ kubectl rollout status deployments/kubernetes-bootcamp | tail -1
  deployment "kubernetes-bootcamp" successfully rolled out
  $ tick 40s
  $ kubectl exec deploy/kubernetes-bootcamp -- curl -s http://kubernetes-bootcamp:8080
  Hello Kubernetes bootcamp! | Running on: kubernetes-bootcamp-* | v=2 (glob)
  $ kubectl set image deployments/kubernetes-bootcamp kubernetes-bootcamp=gcr.io/google-samples/kubernetes-bootcamp:v10
  deployment.apps/kubernetes-bootcamp image updated
  $ tick 20s
  $ kubectl get pods --no-headers | awk '{print $3}' | sort
  ImagePullBackOff
  Running
  $ kubectl rollout undo deployments/kubernetes-bootcamp
  deployment.apps/kubernetes-bootcamp rolled back

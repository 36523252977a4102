{{/* Most take a dict: root, the chart's own dot, and part, such as identity. */}}
{{- define "invitehub.name" -}}
{{ printf "%s-%s" .root.Release.Name .part | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "invitehub.selector" -}}
app.kubernetes.io/name: {{ .part }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "invitehub.labels" -}}
{{ include "invitehub.selector" . }}
app.kubernetes.io/part-of: invitehub
app.kubernetes.io/version: {{ .root.Values.image.tag | default .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{- define "invitehub.replicas" -}}
{{- if not .root.Values.autoscaling.enabled -}}
replicas: {{ index .root.Values.replicas .part }}
{{- end }}
{{- end }}

{{/* What every pod has: nothing of the node's, nothing to write to but /tmp, and time to drain and to finish. */}}
{{- define "invitehub.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: {{ add (int .root.Values.drainForSeconds) 20 }}
securityContext:
  runAsNonRoot: true
  runAsUser: 1654
  runAsGroup: 1654
  fsGroup: 1654
  seccompProfile:
    type: RuntimeDefault
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "invitehub.selector" . | nindent 8 }}
volumes:
  - name: tmp
    emptyDir:
      sizeLimit: 1Gi
{{- with .root.Values.secrets.certificates }}
  - name: certificates
    secret:
      secretName: {{ . }}
{{- end }}
{{- end }}

{{/* Takes ready too: the path that says whether it takes requests. */}}
{{- define "invitehub.container" -}}
name: {{ .part }}
image: {{ printf "%s/%s:%s" (required "image.repository is missing: where your images are" .root.Values.image.repository) .part (.root.Values.image.tag | default .root.Chart.AppVersion) }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
ports:
  - name: http
    containerPort: 8080
resources:
  {{- toYaml (index .root.Values.resources .part) | nindent 2 }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
volumeMounts:
  - name: tmp
    mountPath: /tmp
{{- if .root.Values.secrets.certificates }}
  - name: certificates
    mountPath: /certificates
    readOnly: true
{{- end }}
# It answers once its schema is there and it has found the broker: the first start of a new version may take a while.
startupProbe:
  httpGet: { path: /alive, port: http }
  periodSeconds: 2
  failureThreshold: 150
livenessProbe:
  httpGet: { path: /alive, port: http }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: { path: {{ .ready }}, port: http }
  periodSeconds: 3
  timeoutSeconds: 3
  failureThreshold: 2
{{- end }}

{{- define "invitehub.environment" -}}
- name: ASPNETCORE_HTTP_PORTS
  value: "8080"
- name: DrainFor
  value: {{ printf "00:00:%02d" (int .root.Values.drainForSeconds) | quote }}
{{- with .root.Values.telemetry.endpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ . | quote }}
- name: OTEL_EXPORTER_OTLP_PROTOCOL
  value: {{ $.root.Values.telemetry.protocol | quote }}
{{- end }}
{{- range $name, $value := index .root.Values.settings .part }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}

{{/* A key of a secret as a variable: takes name, secret, key, and optional where a part goes on without it. */}}
{{- define "invitehub.secret" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
      {{- if .optional }}
      optional: true
      {{- end }}
{{- end }}

{{/* Takes to, a part of this release. */}}
{{- define "invitehub.peer" -}}
- podSelector:
    matchLabels:
      {{- include "invitehub.selector" (dict "root" .root "part" .to) | nindent 6 }}
{{- end }}

{{/* Takes of, what it may connect to, and udp where that speaks it too. */}}
{{- define "invitehub.egress" -}}
- ports:
    {{- range .of.ports }}
    - port: {{ . }}
    {{- if $.udp }}
    - port: {{ . }}
      protocol: UDP
    {{- end }}
    {{- end }}
  {{- with .of.to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* What stands beside each: its address, how many may go at once, and how many there are under load. */}}
{{- define "invitehub.beside" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "invitehub.name" . }}
  labels:
    {{- include "invitehub.labels" . | nindent 4 }}
spec:
  selector:
    {{- include "invitehub.selector" . | nindent 4 }}
  ports:
    - name: http
      port: 8080
      targetPort: http
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "invitehub.name" . }}
  labels:
    {{- include "invitehub.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "invitehub.selector" . | nindent 6 }}
{{- if .root.Values.autoscaling.enabled }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "invitehub.name" . }}
  labels:
    {{- include "invitehub.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "invitehub.name" . }}
  minReplicas: {{ index .root.Values.replicas .part }}
  maxReplicas: {{ index .root.Values.autoscaling.maxReplicas .part }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ .root.Values.autoscaling.targetCpuPercent }}
{{- end }}
{{- end }}

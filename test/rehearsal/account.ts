import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { CreateClusterCommand } from '@aws-sdk/client-eks';
import type { Aws } from '../../lib/account/aws';
import { record, resourcesOf, type Template, text } from '../../lib/account/template';
import { UNSUPPORTED, withoutTypes } from '../account/aws/reduce';

/** Beyond what its CloudFormation lacks for a network: all of EKS, and functions, which take Docker. */
const LACKS = [
  ...UNSUPPORTED,
  'AWS::EKS::AccessEntry',
  'AWS::EKS::Addon',
  'AWS::EKS::Cluster',
  'AWS::EKS::Nodegroup',
  'AWS::EKS::PodIdentityAssociation',
  'AWS::Lambda::Function',
  'AWS::Lambda::LayerVersion',
  'Custom::AWSCDK-EKS-HelmChart',
  'Custom::AWSCDK-EKS-KubernetesObjectValue',
  'Custom::AWSCDK-EKS-KubernetesResource',
];

/** Where the cluster of a lab answers. */
export interface Endpoint {
  readonly server: string;
  /** Base64 PEM. */
  readonly certificateAuthority: string;
}

/** An AWS account: moto, and what of it must be added for a lab with a cluster. */
export interface Account {
  readonly endpoint: string;
  /** Types that were not deployed, with how many of each. */
  readonly left: ReadonlyMap<string, number>;
  /** Templates as they were deployed, whole. */
  readonly templates: ReadonlyMap<string, Template>;
  stop(): Promise<void>;
}

interface Open {
  readonly moto: string;
  readonly aws: Aws;
  /** Where every cluster answers. */
  readonly cluster: Endpoint;
  /** Called once the stack with the cluster is deployed, before the deployment goes on. */
  readonly onCluster: (templates: readonly Template[]) => Promise<void>;
}

/**
 * Stands in front of moto and adds what moto lacks: templates are read from its
 * buckets and reduced to the types it knows, imports are replaced by their values (what a change set
 * makes exports nothing there), clusters of a template are made through EKS' own API, and a cluster
 * has an API server that answers.
 */
export async function openAccount(open: Open): Promise<Account> {
  const { moto, aws, cluster, onCluster } = open;
  const left = new Map<string, number>();
  const templates = new Map<string, Template>();
  const exported = new Map<string, Exported>();

  const reduce = async (form: URLSearchParams): Promise<void> => {
    const url = form.get('TemplateURL');
    const name = form.get('StackName') ?? '';
    if (url === null || name === 'CDKToolkit') return;
    const body = JSON.parse(await readObject(moto, url));
    templates.set(name, { name, body });
    const { template, dropped } = withoutTypes(body, LACKS, new Set(exported.keys()));
    for (const type of dropped) left.set(type, (left.get(type) ?? 0) + 1);
    const values = await valuesOf(aws, exported);
    for (const output of Object.values(record(template.Outputs))) {
      const export_ = text(record(record(output).Export).Name);
      if (export_ !== undefined) {
        exported.set(export_, { stack: name, logicalId: logicalIdOf(record(output).Value) });
      }
    }
    form.delete('TemplateURL');
    form.set('TemplateBody', JSON.stringify(withValues(template, values)));
  };

  const afterExecution = async (stack: string): Promise<void> => {
    const name = [...templates.keys()].find((key) => stack === key || stack.includes(`/${key}/`));
    const template = templates.get(name ?? '');
    if (template === undefined) return;
    const clusters = resourcesOf([template]).filter(({ type }) => type === 'AWS::EKS::Cluster');
    for (const { properties } of clusters) await makeCluster(aws, properties);
    if (clusters.length > 0) await onCluster([...templates.values()]);
  };

  const server = createServer(async (incoming, answer) => {
    try {
      const body = await bytesOf(incoming);
      const isForm = /x-www-form-urlencoded/.test(incoming.headers['content-type'] ?? '');
      const form = new URLSearchParams(isForm ? body.toString() : '');
      const action = form.get('Action') ?? '';
      if (/^(CreateChangeSet|CreateStack|UpdateStack)$/.test(action)) await reduce(form);
      const sent = isForm ? Buffer.from(form.toString()) : body;
      const said = await forward(moto, incoming, sent);
      if (action === 'ExecuteChangeSet') await afterExecution(form.get('StackName') ?? '');
      const isCluster = incoming.method === 'GET' && /^\/clusters\/[^/]+$/.test(incoming.url ?? '');
      respond(answer, isCluster ? withEndpoint(said, cluster) : said);
    } catch (error) {
      answer.writeHead(500).end(String(error));
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    left,
    templates,
    stop: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** An output of a deployed stack that others import, and the resource it is of. */
interface Exported {
  readonly stack: string;
  readonly logicalId: string;
}

/** The ids of exported resources, by the exports' names: a lab exports nothing else. */
async function valuesOf(
  { cloudFormation }: Aws,
  exported: ReadonlyMap<string, Exported>,
): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (const StackName of new Set([...exported.values()].map(({ stack }) => stack))) {
    const command = new ListStackResourcesCommand({ StackName });
    const { StackResourceSummaries = [] } = await cloudFormation.send(command);
    for (const { LogicalResourceId, PhysicalResourceId = '' } of StackResourceSummaries) {
      const names = [...exported].filter(
        ([, at]) => at.stack === StackName && at.logicalId === LogicalResourceId,
      );
      for (const [name] of names) values.set(name, PhysicalResourceId);
    }
  }
  return values;
}

/** The resource that an output names, by `Ref` or by an attribute that is its id. */
function logicalIdOf(value: unknown): string {
  const { Ref, 'Fn::GetAtt': attribute } = record(value);
  return text(Ref) ?? (Array.isArray(attribute) ? String(attribute[0]) : '');
}

function withValues(node: unknown, values: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(node)) return node.map((item) => withValues(item, values));
  if (typeof node !== 'object' || node === null) return node;
  const name = text(record(node)['Fn::ImportValue']);
  if (name !== undefined && values.has(name)) return values.get(name);
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, withValues(value, values)]),
  );
}

/** A cluster as its template describes it: name and tags, which teardown finds it by. */
async function makeCluster(aws: Aws, properties: Readonly<Record<string, unknown>>): Promise<void> {
  const tags = (properties.Tags ?? []) as readonly {
    readonly Key: string;
    readonly Value: string;
  }[];
  await aws.eks.send(
    new CreateClusterCommand({
      name: text(properties.Name),
      version: text(properties.Version),
      roleArn: 'arn:aws:iam::123456789012:role/control-plane',
      resourcesVpcConfig: { subnetIds: [] },
      tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
    }),
  );
}

interface Said {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

function withEndpoint(said: Said, { server, certificateAuthority }: Endpoint): Said {
  if (said.status !== 200) return said;
  const answer = JSON.parse(said.body.toString());
  answer.cluster.endpoint = server;
  answer.cluster.certificateAuthority = { data: certificateAuthority };
  return { ...said, body: Buffer.from(JSON.stringify(answer)) };
}

function respond(answer: ServerResponse, { status, headers, body }: Said): void {
  const { 'transfer-encoding': _, connection: __, ...kept } = headers;
  answer.writeHead(status, { ...kept, 'content-length': body.length }).end(body);
}

/** An object of a bucket, whichever way its URL names the bucket. */
async function readObject(moto: string, url: string): Promise<string> {
  const { hostname, pathname } = new URL(url);
  const [, bucket] = /^(.+?)\.s3[.-]/.exec(hostname) ?? [];
  const path = bucket === undefined ? pathname : `/${bucket}${pathname}`;
  const authorization = 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request';
  const said = await fetch(`${moto}${path}`, { headers: { authorization } });
  if (!said.ok) throw new Error(`${url}: ${said.status}`);
  return said.text();
}

function forward(moto: string, incoming: IncomingMessage, body: Buffer): Promise<Said> {
  return new Promise((done, fail) => {
    const { method, url = '/' } = incoming;
    const { 'transfer-encoding': _, ...kept } = incoming.headers;
    const headers = { ...kept, 'content-length': body.length };
    const onward = request(new URL(url, moto), { method, headers }, async (answer) => {
      const status = answer.statusCode ?? 500;
      done({ status, headers: answer.headers, body: await bytesOf(answer) });
    });
    onward.once('error', fail);
    onward.end(body);
  });
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

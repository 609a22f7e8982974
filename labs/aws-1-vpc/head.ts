import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 35,
  outcomes: [
    'read the routes of each kind of subnet',
    'compute an address budget for nodes and pods',
    'explain what makes a subnet public',
  ],
  conclusion:
    'A subnet is public or private by its route table alone, and its size limits the cluster for good.',
  links: [
    {
      title: 'VPC and subnet requirements, Amazon EKS',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html',
    },
    {
      title: 'Route tables, Amazon VPC',
      url: 'https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html',
    },
    {
      title: 'NAT gateways, Amazon VPC',
      url: 'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html',
    },
    {
      title: 'Gateway endpoints, AWS PrivateLink',
      url: 'https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html',
    },
  ],
});

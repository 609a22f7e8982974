import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 40,
  outcomes: [
    'compute how many pods a node can hold',
    'choose where pod addresses come from',
    'assign security groups to pods',
  ],
  conclusion:
    'A pod on EKS has an address of the VPC, so interfaces and subnets decide how many pods fit.',
  links: [
    {
      title: 'Amazon VPC CNI',
      url: 'https://docs.aws.amazon.com/eks/latest/best-practices/vpc-cni.html',
    },
    {
      title: 'Prefix mode, Amazon EKS',
      url: 'https://docs.aws.amazon.com/eks/latest/best-practices/prefix-mode-linux.html',
    },
    {
      title: 'Custom networking, Amazon EKS',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-custom-network.html',
    },
    {
      title: 'Security groups for pods, Amazon EKS',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html',
    },
  ],
});

/** Colours of a picture by their role. Contrast is measured: text at least 4.5, lines at least 3. */
export interface PictureTheme {
  readonly name: 'light' | 'dark';
  readonly canvas: string;
  readonly surface: string;
  readonly sunk: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly box: string;
  readonly wall: string;
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly edge: string;
  readonly accent: string;
  readonly onAccent: string;
  readonly allow: string;
  readonly deny: string;
  readonly onDeny: string;
}

export const LIGHT: PictureTheme = {
  name: 'light',
  canvas: '#f7f8f9',
  surface: '#ffffff',
  sunk: '#f0f2f4',
  line: '#e2e5e9',
  lineStrong: '#c3c9d1',
  box: '#8a929d',
  wall: '#3d4550',
  ink: '#16191d',
  ink2: '#4a525d',
  ink3: '#646d79',
  edge: '#6b7480',
  accent: '#4a49cf',
  onAccent: '#ffffff',
  allow: '#0a756b',
  deny: '#b8370c',
  onDeny: '#ffffff',
};

export const DARK: PictureTheme = {
  name: 'dark',
  canvas: '#0f1114',
  surface: '#16191d',
  sunk: '#0b0d0f',
  line: '#272c33',
  lineStrong: '#454d58',
  box: '#69737f',
  wall: '#aeb7c2',
  ink: '#eceef1',
  ink2: '#b3bbc5',
  ink3: '#8d96a2',
  edge: '#8d96a2',
  accent: '#a3a6ff',
  onAccent: '#0f1114',
  allow: '#46c9b8',
  deny: '#ff9166',
  onDeny: '#0f1114',
};

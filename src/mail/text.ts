// A mail as plain text, with everything that its HTML says.
import type { Circumstances, Content } from './content.ts';

export function textOf(service: string, content: Content, { time, address, device }: Circumstances): string {
  const { link } = content;
  const parts = [
    ...content.paragraphs,
    ...(link ? [`${link.label}:\n${link.url}`, link.validity] : []),
    ...(content.advice ? [content.advice] : []),
    `When: ${time}\nFrom: ${address}\nDevice: ${device}`,
    `-- \n${service}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

// What a camera would film: a screenshot of another screen becomes a short Y4M video that Chromium's fake camera plays in a loop.

import { writeFile } from "node:fs/promises";
import type { Page } from "playwright-core";

const WIDTH = 640;
const HEIGHT = 480;
const FRAMES = 4;

/** Films `region` of `screen` (or the whole page) into `file`: scaled to fit 640 x 480, slightly dimmed, as a camera sees a display. */
export async function film(screen: Page, file: string, region?: string): Promise<void> {
  const png = region === undefined ? await screen.screenshot() : await screen.locator(region).first().screenshot();
  const blank = await screen.context().newPage();
  try {
    const luma = await blank.evaluate(
      async ({ source, width, height }) => {
        const image = await createImageBitmap(await (await fetch(source)).blob());
        const canvas = new OffscreenCanvas(width, height);
        const context = canvas.getContext("2d");
        if (context === null) throw new Error("no canvas");
        context.fillStyle = "#777";
        context.fillRect(0, 0, width, height);
        const scale = Math.min((width * 0.9) / image.width, (height * 0.9) / image.height);
        const w = image.width * scale;
        const h = image.height * scale;
        context.drawImage(image, (width - w) / 2, (height - h) / 2, w, h);
        const rgba = context.getImageData(0, 0, width, height).data;
        const gray: number[] = [];
        for (let i = 0; i < rgba.length; i += 4) {
          const y = 0.299 * (rgba[i] ?? 0) + 0.587 * (rgba[i + 1] ?? 0) + 0.114 * (rgba[i + 2] ?? 0);
          gray.push(Math.round(20 + y * 0.85));
        }
        return gray;
      },
      { source: `data:image/png;base64,${png.toString("base64")}`, width: WIDTH, height: HEIGHT },
    );
    const plane = Buffer.from(luma);
    const chroma = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
    const frame = Buffer.concat([Buffer.from("FRAME\n"), plane, chroma]);
    const header = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`);
    await writeFile(file, Buffer.concat([header, ...Array.from({ length: FRAMES }, () => frame)]));
  } finally {
    await blank.close();
  }
}

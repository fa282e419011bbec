/**
 * What can be measured of a face in the page itself. Each function is handed to `page.evaluate` as its own source text, so
 * it stands alone; elements are looked for through the shadow root of the button and in what is slotted into it.
 */

/** Whatever is cut off, sticks out of its box, or out of the window: one line each. */
export function cutOff(): string[] {
  const button = document.querySelector('sautikit-call-button')!;
  const elements = [
    ...button.shadowRoot!.querySelectorAll<HTMLElement>('*'),
    ...button.querySelectorAll<HTMLElement>('*'),
  ];
  const found: string[] = [];
  for (const element of elements) {
    // Of SVG only the outermost element has a box of its own; what is hidden from sight is meant to be cut.
    if (element instanceof SVGElement) continue;
    const { scrollWidth, clientWidth, scrollHeight, clientHeight, localName, className } = element;
    const { display, overflowX, overflowY, clipPath } = getComputedStyle(element);
    if (
      clipPath !== 'none' ||
      display === 'none' ||
      display === 'contents' ||
      display === 'inline' ||
      clientWidth === 0
    )
      continue;
    const name = `${localName}.${className} "${element.textContent?.trim().replace(/\s+/g, ' ').slice(0, 50)}"`;
    // A box may hang over into the space around it by design; a text may not, and nothing may where it would be cut.
    const holds = [...element.childNodes].some((node) => node instanceof Text && node.data.trim());
    if (scrollWidth > clientWidth + 1 && localName !== 'select' && (holds || overflowX !== 'visible')) {
      found.push(`${name} is ${scrollWidth - clientWidth} px too wide (overflow-x: ${overflowX})`);
    }
    const cuts = overflowY === 'hidden' || overflowY === 'clip';
    if (cuts && scrollHeight > clientHeight + 1) found.push(`${name} is cut by ${scrollHeight - clientHeight} px`);
    const { left, right, top, bottom } = element.getBoundingClientRect();
    if (left < -1 || right > innerWidth + 1) found.push(`${name} reaches from ${left} to ${right} of ${innerWidth}`);
    if (element.matches('.panel.floating') && (top < -1 || bottom > innerHeight + 1)) {
      found.push(`the panel reaches from ${top} to ${bottom} of ${innerHeight}`);
    }
  }
  if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways');
  return found;
}

/** Texts that nobody was meant to read: a placeholder, a key of the catalogue, a missing value. */
export function leftOpen(keys: string[]): string[] {
  const root = document.querySelector('sautikit-call-button')!.shadowRoot!;
  const texts: string[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) texts.push(walker.currentNode.textContent!.trim());
  for (const element of root.querySelectorAll('[aria-label], [title]')) {
    texts.push(element.getAttribute('aria-label') ?? '', element.getAttribute('title') ?? '');
  }
  return texts.filter((text) => /\{\w*\}|undefined|null|NaN|\[object/.test(text) || keys.includes(text));
}

/** Things to press that are smaller than `least` CSS pixels in a direction. */
export function smallTargets(least: number): string[] {
  const root = document.querySelector('sautikit-call-button')!.shadowRoot!;
  return [...root.querySelectorAll<HTMLElement>('button, select, a[href], input')].flatMap((target) => {
    const { width, height } = target.getBoundingClientRect();
    const seen = width > 0 && height > 0;
    return seen && Math.min(width, height) < least
      ? [`${target.localName}.${target.className}: ${width} x ${height}`]
      : [];
  });
}

/** Things to press that something else covers when they have the focus (WCAG 2.4.11 asks that some of them is seen). */
export function coveredFocus(): string[] {
  const root = document.querySelector('sautikit-call-button')!.shadowRoot!;
  const found: string[] = [];
  for (const target of root.querySelectorAll<HTMLElement>('.panel :is(button, select, a[href])')) {
    target.focus();
    const { left, top, width, height } = target.getBoundingClientRect();
    const seen = root.elementFromPoint(left + width / 2, top + height / 2);
    if (!seen || !target.contains(seen)) {
      found.push(
        `${target.localName}.${target.className} "${target.textContent?.trim()}" is behind ${seen?.className}`,
      );
    }
  }
  return found;
}

/** Things to press that have no line around them, which is all that a forced palette leaves of their shape. */
export function withoutBorder(): string[] {
  const root = document.querySelector('sautikit-call-button')!.shadowRoot!;
  return [...root.querySelectorAll<HTMLElement>('button, select, a[href]')].flatMap((target) => {
    const { borderTopWidth, borderTopStyle, borderTopColor, backgroundColor } = getComputedStyle(target);
    const there = parseFloat(borderTopWidth) >= 1 && borderTopStyle !== 'none' && borderTopColor !== backgroundColor;
    return there
      ? []
      : [`${target.localName}.${target.className}: ${borderTopWidth} ${borderTopStyle} ${borderTopColor}`];
  });
}

/** Graphical parts that stand out too little from what is behind them (WCAG 1.4.11): icons, bars, the level, the focus. */
export function paleParts(least: number): string[] {
  type Color = [number, number, number, number];
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  const parse = (color: string): Color => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r!, g!, b!, a! / 255];
  };
  const over = ([r, g, b, a]: Color, [R, G, B]: Color): Color => [
    r * a + R * (1 - a),
    g * a + G * (1 - a),
    b * a + B * (1 - a),
    1,
  ];
  const up = (element: Element): Element | null =>
    element.assignedSlot ?? element.parentElement ?? (element.getRootNode() as ShadowRoot).host ?? null;
  const ground = (element: Element | null): Color => {
    if (!element) {
      const probe = document.body.appendChild(document.createElement('i'));
      probe.style.color = 'Canvas';
      const color = parse(getComputedStyle(probe).color);
      probe.remove();
      return color;
    }
    const own = parse(getComputedStyle(element).backgroundColor);
    // What is in the top layer covers the page, whatever it stands in; ours is opaque.
    return own[3] === 1 ? own : over(own, ground(up(element)));
  };
  const light = ([r, g, b]: Color): number => {
    const [R, G, B] = [r, g, b].map((it) =>
      it / 255 <= 0.04045 ? it / 255 / 12.92 : ((it / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * R! + 0.7152 * G! + 0.0722 * B!;
  };
  const found: string[] = [];
  const compare = (what: string, color: string, behind: Element | null, opacity = 1) => {
    const back = ground(behind);
    const [r, g, b, a] = parse(color);
    const [high, low] = [light(over([r, g, b, a * opacity], back)), light(back)].sort((x, y) => y - x);
    const ratio = (high! + 0.05) / (low! + 0.05);
    if (ratio < least) found.push(`${what}: ${ratio.toFixed(2)}:1`);
  };

  const button = document.querySelector('sautikit-call-button')!;
  const root = button.shadowRoot!;
  for (const icon of root.querySelectorAll<SVGElement>('svg[aria-hidden=true]')) {
    const { color, opacity, display } = getComputedStyle(icon);
    // What cannot be used may be pale, and what stands beside its own name says nothing that the name does not.
    if (display === 'none' || icon.closest('[aria-disabled=true]') || icon.getClientRects().length === 0) continue;
    compare(
      `icon ${icon.getAttribute('class') ?? ''} of ${icon.parentElement!.className}`,
      color,
      up(icon),
      Number(opacity),
    );
  }
  for (const bar of root.querySelectorAll<HTMLElement>('.bars'))
    compare('bars of the network', getComputedStyle(bar).color, up(bar));
  for (const field of root.querySelectorAll<HTMLElement>('select')) {
    compare('border of a choice', getComputedStyle(field).borderTopColor, up(field));
  }
  for (const level of root.querySelectorAll<HTMLElement>('[role=meter]')) {
    compare('fill of the level', getComputedStyle(level, '::before').backgroundColor, level);
  }
  for (const target of root.querySelectorAll<HTMLElement>('button, select, a[href], h2')) {
    target.focus({ focusVisible: true } as FocusOptions);
    if (!target.matches(':focus')) continue;
    const { outlineColor, outlineStyle, outlineWidth } = getComputedStyle(target);
    if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) {
      // Chromium shows no ring for what a script focused after a pointer; then there is nothing to measure.
      if (target.matches(':focus-visible')) found.push(`no ring around ${target.localName}.${target.className}`);
      continue;
    }
    compare(`focus of ${target.localName}.${target.className}`, outlineColor, up(target));
  }
  (document.activeElement as HTMLElement | null)?.blur();
  return found;
}

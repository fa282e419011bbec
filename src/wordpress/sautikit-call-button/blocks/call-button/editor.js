/* The block in the editor: what can be chosen, and the button as it will look. Needs no build: WordPress brings what it uses. */
(function (wp, site) {
  const { createElement: element, Fragment } = wp.element;
  const { InspectorControls, useBlockProps } = wp.blockEditor;
  const { Disabled, PanelBody, SelectControl, TextControl } = wp.components;
  const { words } = site;

  const options = (names) => Object.keys(names).map((value) => ({ value, label: names[value] }));
  const lines = [{ value: '', label: words.default }].concat(site.lines.map((line) => ({ value: line, label: line })));

  function Edit({ attributes, setAttributes }) {
    const set = (name) => (value) => setAttributes({ [name]: value });
    const control = (kind, name, more) =>
      element(kind, { key: name, label: words[name], value: attributes[name], onChange: set(name), ...more });
    const panel = element(
      PanelBody,
      { title: words.button },
      control(SelectControl, 'line', { options: lines }),
      control(TextControl, 'label', { placeholder: site.look.label || words.call }),
      control(SelectControl, 'variant', { options: options(site.variants) }),
      control(SelectControl, 'size', { options: options(site.sizes) }),
    );
    const button = element('sautikit-call-button', {
      // Without an address to ask, and out of reach: the editor is no place to call from.
      'token-url': 'about:blank',
      preload: 'none',
      label: attributes.label || site.look.label || words.call,
      variant: attributes.variant || site.look.variant,
      size: attributes.size || site.look.size,
    });
    const preview = site.lines.length ? element(Disabled, null, button) : element('p', null, words.none);
    return element(Fragment, null, element(InspectorControls, null, panel), element('div', useBlockProps(), preview));
  }

  wp.blocks.registerBlockType('sautikit/call-button', { edit: Edit, save: () => null });
})(window.wp, window.sautikitCallButton);

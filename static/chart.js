/* Draws the figures that stand in the page as data; without it the still pictures remain. */
(function () {
  "use strict";
  var source = document.getElementById("chart-data");
  if (!source || !window.Plotly) return;
  document.getElementById("chart-still").hidden = true;
  var figures = JSON.parse(source.textContent);
  Object.keys(figures).forEach(function (name) {
    var box = document.getElementById("chart-" + name);
    if (!box) return;
    box.parentNode.hidden = false;
    window.Plotly.newPlot(box, figures[name].data, figures[name].layout, {
      responsive: true,
      displaylogo: false,
      scrollZoom: false,
      modeBarButtonsToRemove: ["toImage", "select2d", "lasso2d", "autoScale2d"]
    });
  });
})();

"""Hand-written PyTorch version of experiment=autoencoder. Arguments: .npz with x_train and x_test, epochs."""

import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional

data = np.load(sys.argv[1])
x_train, x_test = (
    (torch.from_numpy(data[split]).float() / 255).unsqueeze(1).to(memory_format=torch.channels_last)
    for split in ("x_train", "x_test")
)
model = nn.Sequential(
    *(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
    *(nn.Conv2d(16, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
    *(nn.Conv2d(8, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2, ceil_mode=True)),
    *(nn.Conv2d(8, 8, 3, padding=1), nn.ReLU(), nn.Upsample(scale_factor=2)),
    *(nn.Conv2d(8, 8, 3, padding=1), nn.ReLU(), nn.Upsample(scale_factor=2)),
    *(nn.Conv2d(8, 16, 3), nn.ReLU(), nn.Upsample(scale_factor=2)),
    *(nn.Conv2d(16, 1, 3, padding=1), nn.Sigmoid()),
).to(memory_format=torch.channels_last)
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(int(sys.argv[2])):
    for rows in torch.randperm(len(x_train)).split(128):
        optimizer.zero_grad()
        loss = functional.binary_cross_entropy(model(x_train[rows]), x_train[rows])
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        losses = [functional.binary_cross_entropy(model(part), part).item() for part in x_test.split(500)]
    print(f"epoch {epoch + 1} - loss: {loss.item():.4f} - val_loss: {np.mean(losses):.4f}", flush=True)

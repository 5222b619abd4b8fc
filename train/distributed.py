"""One process or several under torchrun: who am I, wait for all, and sums over all."""

import os
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.nn.functional import all_gather


def start() -> None:
    """Join the group that torchrun announces; nothing in a single process."""
    if int(os.environ.get("WORLD_SIZE", "1")) > 1 and not dist.is_initialized():
        cuda = torch.cuda.is_available()
        if cuda:
            torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
        # one process may fetch a data set while the others wait; torchrun ends all if one fails
        dist.init_process_group("nccl" if cuda else "gloo", timeout=timedelta(days=1))


def stop() -> None:
    """Leave the group."""
    if dist.is_initialized():
        dist.destroy_process_group()


def rank() -> int:
    """This process's number, from 0."""
    return dist.get_rank() if dist.is_initialized() else 0


def size() -> int:
    """How many processes work together."""
    return dist.get_world_size() if dist.is_initialized() else 1


def barrier() -> None:
    """Wait until all processes are here."""
    if dist.is_initialized():
        dist.barrier()


def share(batch: Tensor) -> Tensor:
    """This process's part of a (B, ...) batch, B a multiple of `size()`."""
    return batch.chunk(size())[rank()]


def gather(rows: Tensor) -> Tensor:
    """All processes' (b, D) rows in order of rank, (B, D); gradients flow back to their owners."""
    return torch.cat(all_gather(rows)) if dist.is_initialized() else rows


def collect(rows: Tensor) -> Tensor:
    """All processes' (n, D) rows in order of rank, whatever n each has; no gradients."""
    if not dist.is_initialized():
        return rows
    everyone: list[Tensor | None] = [None] * size()
    dist.all_gather_object(everyone, rows)
    return torch.cat([part for part in everyone if part is not None])


def average_gradients(model: nn.Module) -> None:
    """Average every gradient over the processes, as each computed the loss of the whole batch."""
    if dist.is_initialized():
        for parameter in model.parameters():
            if parameter.grad is not None:
                dist.all_reduce(parameter.grad)
                parameter.grad /= size()

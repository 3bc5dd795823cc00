"""when the roster was last compared with channels and groups

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('golive', sa.Column('rostered_on', sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column('golive', 'rostered_on')
